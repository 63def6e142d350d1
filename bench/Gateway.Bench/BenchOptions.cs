using System.Globalization;
using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench;

/// <summary>What to run, and for how long.</summary>
public sealed record BenchOptions
{
    public IReadOnlyList<Peer> Peers { get; private init; } = [.. Peer.All.Where(peer => peer != Peer.Go || File.Exists(Peer.GoProgram))];

    public IReadOnlyList<Workload> Workloads { get; private init; } = Workload.All;

    public int Rounds { get; private init; } = 3;

    public TimeSpan RoundTime { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until the runtime has compiled what runs often, for good: what it compiles later would count as memory of the workload.</summary>
    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Reads <c>--peers a,b --against FOLDER --workloads W1,W2 --rounds 3 --seconds 10</c>; all of them may be left out. <c>--against</c> adds the
    /// gateway and the floor of another build.
    /// </summary>
    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BenchOptions();
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--peers" => options with { Peers = [.. value.Split(',').Select(name => Peer.All.Single(peer => peer.Name == name))] },
                "--against" => options with { Peers = [.. options.Peers, Peer.Null.Of(value), Peer.Gateway.Of(value)] },
                "--workloads" => options with { Workloads = [.. value.Split(',').Select(Workload.Named)] },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => options with { RoundTime = TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture)) },
                _ => throw new ArgumentException($"There is no option {args[i]}."),
            };
        }

        return options;
    }
}
