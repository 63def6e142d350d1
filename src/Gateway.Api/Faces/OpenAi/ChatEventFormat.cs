using System.Buffers;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>Server-Sent Events as OpenAI's chat has them: bare data, and <c>[DONE]</c> after a stream that ended well.</summary>
internal sealed class ChatEventFormat : OpenAiEventFormat
{
    public override void BeginLast(IBufferWriter<byte> output, long id, bool failed) =>
        output.Write(failed ? ErrorEvent : "data: [DONE]"u8);
}
