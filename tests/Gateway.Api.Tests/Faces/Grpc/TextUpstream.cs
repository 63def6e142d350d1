using Clarifai.Api;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using StatusCode = Clarifai.Api.Status.StatusCode;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>An upstream for clients that others wrote: the text that a request has as its model's ID comes back, and so does metadata.</summary>
internal static class TextUpstream
{
    private const string Fail = "/clarifai.api.V2/GetModel";

    /// <summary>Gives the text back in the status's description: GenerateModelOutputs three times, GetModel as the message of a failure.</summary>
    public static async Task<GrpcStatus> AnswerAsync(GrpcServerCall call)
    {
        EchoMetadata(call);
        while (await call.ReadAsync() is { } message)
        {
            if (call.Path == Fail)
            {
                return Failure(call, GetModelRequest.Parser.ParseFrom(message.Span).ModelId);
            }

            var text = PostModelOutputsRequest.Parser.ParseFrom(message.Span).ModelId;
            string[] answers = call.Path == GrpcFront.Generate ? [text + " 0", text + " 1", text + " 2"] : [text];
            foreach (var answer in answers)
            {
                await call.WriteAsync(Response(answer));
            }
        }

        return GrpcStatus.DefaultSuccess;
    }

    private static byte[] Response(string text) =>
        GrpcFront.Bytes(new MultiOutputResponse { Status = new Status { Code = StatusCode.Success, Description = text } });

    private static void EchoMetadata(GrpcServerCall call)
    {
        foreach (var entry in call.RequestHeaders.Where(entry => entry.Key.StartsWith("x-echo", StringComparison.Ordinal)))
        {
            call.ResponseHeaders.Add(entry);
            call.ResponseTrailers.Add(entry);
        }
    }

    // The details are a google.rpc.Status, which some clients believe more than the trailers around it; a status of the API begins as one does.
    private static GrpcStatus Failure(GrpcServerCall call, string message)
    {
        var details = new Status { Code = (StatusCode)GrpcStatusCode.FailedPrecondition, Description = "in detail: " + message };
        call.ResponseTrailers.Add("grpc-status-details-bin", details.ToByteArray());
        return new GrpcStatus(GrpcStatusCode.FailedPrecondition, message);
    }
}
