using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Core.Upstream.Calls;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>What the tests' upstreams answer.</summary>
internal static class Answers
{
    public static readonly byte[] Success = Message(StatusCode.Success);

    /// <summary>Success, after having read the request.</summary>
    public static Task<GrpcStatus> Ok(GrpcServerCall call) => Say(StatusCode.Success)(call);

    /// <summary>gRPC's UNAVAILABLE, orderly told.</summary>
    public static Task<GrpcStatus> Unavailable(GrpcServerCall _) => Task.FromResult(new GrpcStatus(GrpcStatusCode.Unavailable, "come back later"));

    /// <summary>UNAVAILABLE with a trailer.</summary>
    public static Func<GrpcServerCall, Task<GrpcStatus>> UnavailableWith(string trailer, string value) => call =>
    {
        call.ResponseTrailers.Add(trailer, value);
        return Unavailable(call);
    };

    /// <summary>One message with a status.</summary>
    public static Func<GrpcServerCall, Task<GrpcStatus>> Say(StatusCode code) => async call =>
    {
        using var request = await call.ReadSingleAsync();
        await call.WriteAsync(Message(code));
        return GrpcStatus.DefaultSuccess;
    };

    public static byte[] Message(StatusCode code) =>
        new MultiOutputResponse { Status = new Status { Code = code, Description = code.ToString() } }.ToByteArray();

    public static StatusCode CodeOf(Payload? message) => MultiOutputResponse.Parser.ParseFrom(message!.Span).Status.Code;
}
