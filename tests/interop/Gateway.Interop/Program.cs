using Gateway.Interop.Foreign;

namespace Gateway.Interop;

internal static class Program
{
    /// <summary>Runs all cases.</summary>
    /// <param name="args">The folder of the foreign programs; the folder of gRPC's test certificates.</param>
    /// <returns>0 when all passed.</returns>
    public static async Task<int> Main(string[] args)
    {
        var report = new Report();
        await new InteropRun(programs: args[0], new TestCredentials(folder: args[1]), report).RunAsync();
        report.WriteCount();
        return report.IsGood ? 0 : 1;
    }
}
