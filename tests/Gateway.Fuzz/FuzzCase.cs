using System.Text;
using Gateway.Core.Json;
using Gateway.Fuzz.Checks;
using Gateway.Fuzz.Generation;
using Gateway.Fuzz.Reference;
using Gateway.Fuzz.Subject;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz;

/// <summary>Makes and runs single cases: what a case is follows from the seed and its number alone. One a thread.</summary>
internal sealed class FuzzCase : IDisposable
{
    /// <summary>In how many ways an input is cut that is checked by itself.</summary>
    private const int Cuts = 8;

    private readonly Transcoder _transcoder = new(JsonLimits.Default);
    private readonly LimitCheck _limits = new();
    private readonly JsonCheck _json;
    private readonly WireCheck _wire;

    public FuzzCase() => (_json, _wire) = (new JsonCheck(_transcoder, Tally), new WireCheck(_transcoder, Tally));

    /// <summary>What was run so far.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Runs a case; null when all is well.</summary>
    public Finding? Run(ulong seed, long number)
    {
        var dice = Dice.Of(seed, number);
        var type = dice.OneIn(3) ? dice.Pick<MessageDescriptor>(Types.Dense) : dice.Pick<MessageDescriptor>(Types.All);
        var message = new MessageGenerator(dice).Whole(type);
        var kind = dice.Pick(CaseKind.LegalText, CaseKind.ChangedText, CaseKind.ChangedText, CaseKind.RandomText, CaseKind.LegalWire, CaseKind.ChangedWire, CaseKind.RandomWire);
        var finding = Run(kind, message, dice);
        Tally.Count(kind);
        return finding;
    }

    /// <summary>Checks an input, cut in several ways; null when all is well.</summary>
    public Finding? Check(Input input) => Enumerable.Range(0, Cuts).Select(cut => Check(input, new Dice((ulong)cut))).FirstOrDefault(finding => finding is not null);

    public void Dispose()
    {
        _transcoder.Dispose();
        _limits.Dispose();
    }

    private Finding? Check(Input input, Dice dice, IMessage? expected = null)
    {
        try
        {
            return (input.IsJson ? _json.Run(input, dice, expected) : _wire.Run(input, dice)) ?? _limits.Run(input, dice);
        }
        catch (Exception thrown)
        {
            // Neither the transcoder nor a check throws: whatever is thrown is a finding.
            return new Finding($"threw {thrown.GetType().Name}", input, thrown.ToString());
        }
    }

    private Finding? Run(CaseKind kind, IMessage message, Dice dice)
    {
        var type = message.Descriptor;
        return kind switch
        {
            CaseKind.LegalText => CheckLegal(message, dice),
            CaseKind.ChangedText => Check(new Input(type, true, new JsonMutator(dice).Mutate(new JsonSpelling(dice).Respell(type, Canonical(message)))), dice),
            CaseKind.RandomText => Check(new Input(type, true, dice.OneIn(10) ? new JsonMutator(dice).Pieces() : new RandomJson(dice).Text(type)), dice),
            CaseKind.LegalWire => Check(new Input(type, false, message.ToByteArray()), dice),
            CaseKind.ChangedWire => Check(new Input(type, false, new WireMutator(dice).Mutate(type, message.ToByteArray(), new MessageGenerator(dice).Message(type).ToByteArray())), dice),
            _ => Check(new Input(type, false, dice.OneIn(10) ? dice.Bytes(dice.Size(8, 60)) : new RandomWire(dice).Message(type)), dice),
        };
    }

    /// <summary>A legal spelling means what Google's own does, which has lost the sign of a zero that is left out.</summary>
    private Finding? CheckLegal(IMessage message, Dice dice)
    {
        var canonical = Canonical(message);
        var spelled = new JsonSpelling(dice).Respell(message.Descriptor, canonical);
        var expected = GoogleProtobuf.ReadJson(message.Descriptor, Encoding.UTF8.GetBytes(canonical));
        return Check(new Input(message.Descriptor, true, spelled), dice, expected ?? message);
    }

    // Google's formatter refuses empty keys in a Struct, and an Any of no type.
    private string Canonical(IMessage message) => GoogleProtobuf.WriteJson(message)
        ?? Encoding.UTF8.GetString(_transcoder.ToJson(Dialect.ProtoJson.Schema.Message(message.Descriptor), message.ToByteArray()).Bytes);
}
