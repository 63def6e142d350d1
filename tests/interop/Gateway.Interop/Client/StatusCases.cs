using Gateway.Interop.Messages;

namespace Gateway.Interop.Client;

/// <summary>Calls that the server ends with a status of its own.</summary>
internal static class StatusCases
{
    /// <summary>status_code_and_message: both come back, from a unary call and from a stream.</summary>
    public static async Task CodeAndMessageAsync(TestServiceClient client)
    {
        const string Message = "test status message";

        var answer = await client.UnaryAsync(new SimpleRequest { ResponseStatus = Unknown(Message) });
        Check.Status(GrpcStatusCode.Unknown, Message, answer.Outcome, "the unary call");

        await using var stream = client.FullDuplex();
        await stream.SendAsync(new StreamingOutputCallRequest { ResponseStatus = Unknown(Message) });
        Check.Status(GrpcStatusCode.Unknown, Message, await stream.FinishAsync(), "the stream");
    }

    /// <summary>special_status_message: white space and Unicode of up to four bytes survive.</summary>
    public static async Task SpecialMessageAsync(TestServiceClient client)
    {
        const string Message = "\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \U0001F608\t\n";

        var answer = await client.UnaryAsync(new SimpleRequest { ResponseStatus = Unknown(Message) });

        Check.Status(GrpcStatusCode.Unknown, Message, answer.Outcome, "the call");
    }

    /// <summary>unimplemented_method: the service has no such method.</summary>
    public static async Task UnimplementedMethodAsync(TestServiceClient client) =>
        Check.Code(GrpcStatusCode.Unimplemented, (await client.UnimplementedMethodAsync()).Outcome, "the call");

    /// <summary>unimplemented_service: the server has no such service.</summary>
    public static async Task UnimplementedServiceAsync(TestServiceClient client) =>
        Check.Code(GrpcStatusCode.Unimplemented, (await client.UnimplementedServiceAsync()).Outcome, "the call");

    private static EchoStatus Unknown(string message) => new() { Code = (int)GrpcStatusCode.Unknown, Message = message };
}
