using System.Globalization;
using Conformance;

namespace Gateway.Conformance;

internal static class Program
{
    /// <summary>Answers until the runner closes the pipe.</summary>
    /// <param name="args">How many bytes of JSON the transcoder gets, and is asked for, at a time.</param>
    public static void Main(string[] args)
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        using var testee = new Testee(piece: int.Parse(args[0], CultureInfo.InvariantCulture));
        while (MessagePipe.Read(input) is { } request)
        {
            MessagePipe.Write(output, testee.Answer(ConformanceRequest.Parser.ParseFrom(request)));
        }
    }
}
