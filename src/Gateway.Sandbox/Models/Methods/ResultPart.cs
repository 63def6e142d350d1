using Clarifai.Api;

namespace Gateway.Sandbox.Models.Methods;

/// <summary>Makes the parts of results. As with Clarifai's SDK, the part of an empty value has no data, also inside of lists.</summary>
internal static class ResultPart
{
    /// <summary>The part of a value.</summary>
    public static Part Of(string id, Data value) => new() { Id = id, Data = Stripped(value.Clone()) };

    private static Data? Stripped(Data value)
    {
        foreach (var part in value.Parts)
        {
            part.Data = part.Data is null ? null : Stripped(part.Data);
        }

        return value.CalculateSize() == 0 ? null : value;
    }
}
