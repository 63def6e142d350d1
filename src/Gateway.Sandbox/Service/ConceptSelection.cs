using Clarifai.Api;

namespace Gateway.Sandbox.Service;

/// <summary>Which concepts of an answer the caller wants: some by id or name, none below a value, so many at most.</summary>
internal static class ConceptSelection
{
    /// <summary>Drops the others from an answer and its regions. Zero means no limit.</summary>
    public static void Apply(OutputConfig? config, Data answer)
    {
        if (config is null)
        {
            return;
        }

        Select(config, answer);
        foreach (var region in answer.Regions)
        {
            if (region.Data is not null)
            {
                Select(config, region.Data);
            }
        }
    }

    private static void Select(OutputConfig config, Data data)
    {
        var wanted = config.SelectConcepts
            .SelectMany(concept => new[] { concept.Id, concept.Name })
            .Where(name => name.Length > 0)
            .ToHashSet(StringComparer.Ordinal);
        var limit = config.MaxConcepts == 0 ? int.MaxValue : (int)Math.Min(config.MaxConcepts, int.MaxValue);
        var selected = data.Concepts
            .Where(concept => concept.Value >= config.MinValue && (wanted.Count == 0 || wanted.Contains(concept.Id)))
            .Take(limit)
            .ToList();
        data.Concepts.Clear();
        data.Concepts.Add(selected);
    }
}
