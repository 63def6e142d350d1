using Clarifai.Api;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Core.Methods.Values;

/// <summary>Reads what a method returned as numbers.</summary>
public static class ResultNumbers
{
    /// <summary>Reads the numbers of an array, or of a list, in whatever depth.</summary>
    /// <param name="method">What returned them.</param>
    /// <param name="data">The wire bytes of <see cref="Data"/>.</param>
    /// <param name="numbers">Takes them.</param>
    /// <returns>False when the result is no such, or malformed: what was taken is of no use.</returns>
    public static bool TryRead(ModelMethod method, ReadOnlySpan<byte> data, List<float> numbers)
    {
        if (method.Results is not [var one])
        {
            return false;
        }

        try
        {
            var value = ResultWriter.TryFindPart(one.Utf8Name, data, out var part) ? part : ResultWriter.ReturnedBy(data);
            return TryRead(one, value, numbers);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            return false;
        }
    }

    private static bool TryRead(MethodField field, ReadOnlySpan<byte> wire, List<float> numbers)
    {
        var data = WireFields.ParseWithout<Data>(wire, Data.PartsFieldNumber);
        return ResultWriter.RowOf(field.Row, data).Form switch
        {
            DataForm.Array => NumericArray.TryRead(data.Ndarray, numbers),
            DataForm.Whole => TryAdd(data.IntValue, numbers),
            DataForm.Number => TryAdd(data.FloatValue == 0 ? data.IntValue : data.FloatValue, numbers),
            DataForm.List when field.Items is [var item] => TryReadList(item, wire, numbers),
            _ => false,
        };
    }

    private static bool TryReadList(MethodField item, ReadOnlySpan<byte> wire, List<float> numbers)
    {
        foreach (var part in ResultWriter.PartsOf(wire))
        {
            if (!TryRead(item, ResultWriter.DataOf(part), numbers))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryAdd(double number, List<float> numbers)
    {
        numbers.Add((float)number);
        return float.IsFinite((float)number);
    }
}
