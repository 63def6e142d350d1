using System.Globalization;
using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench;

/// <summary>What to run, and for how long.</summary>
public sealed record BenchOptions
{
    private static readonly BenchOptions OfCheck = new()
    {
        IsCheck = true,
        Peers = [Peer.Null, Peer.Gateway],
        Rounds = 5,
        RoundTime = TimeSpan.FromSeconds(5),
    };

    public IReadOnlyList<Peer> Peers { get; private init; } = [.. Peer.All.Where(peer => peer != Peer.Go || File.Exists(Peer.GoProgram))];

    public IReadOnlyList<Workload> Workloads { get; private init; } = Workload.All;

    public int Rounds { get; private init; } = 3;

    public TimeSpan RoundTime { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the gateway is compared with what is expected of it, and nothing else is measured.</summary>
    public bool IsCheck { get; private init; }

    /// <summary>Whether what is measured is what is expected from then on.</summary>
    public bool IsUpdate { get; private init; }

    /// <summary>Until the runtime has compiled what runs often, for good: what it compiles later would count as memory of the workload.</summary>
    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Reads <c>--peers a,b --against FOLDER --workloads W1,W2 --rounds 3 --seconds 10</c>; all of them may be left out. <c>--against</c> adds the
    /// gateway and the floor of another build. Or <c>--check</c>, which chooses the peers itself; <c>--update</c> goes with it.
    /// </summary>
    /// <exception cref="UsageException">They cannot be read.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        var isCheck = args.Contains("--check");
        var options = isCheck ? OfCheck : new BenchOptions();
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--check" => options,
                "--update" when isCheck => options with { IsUpdate = true },
                "--update" => throw new UsageException("The option --update goes with --check."),
                "--peers" when !isCheck => options with { Peers = [.. Value().Split(',').Select(Peer.Named)] },
                "--against" when !isCheck => options with { Peers = [.. options.Peers, .. Build(Value())] },
                "--workloads" => options with { Workloads = [.. Value().Split(',').Select(Workload.Named)] },
                "--rounds" => options with { Rounds = (int)Number(NumberStyles.None) },
                "--seconds" => options with { RoundTime = TimeSpan.FromSeconds(Number(NumberStyles.AllowDecimalPoint)) },
                _ => throw new UsageException($"There is no option '{name}'{(isCheck ? " beside --check" : "")}."),
            };

            string Value() => rest.TryDequeue(out var value) ? value : throw new UsageException($"The option {name} needs a value.");

            double Number(NumberStyles styles) =>
                double.TryParse(Value(), styles, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new UsageException($"The option {name} needs a number above 0.");
        }

        return options;
    }

    private static Peer[] Build(string folder) => [Peer.Null.Of(folder), Peer.Gateway.Of(folder)];
}
