using Clarifai.Api;

namespace Gateway.Sandbox.Models;

/// <summary>Makes the concepts of an answer.</summary>
internal static class ConceptList
{
    /// <summary>One concept for each name, the highest value first; equal values keep their order.</summary>
    public static IEnumerable<Concept> Sorted(IEnumerable<(string Name, double Value)> values) =>
        values.OrderByDescending(concept => concept.Value).Select(
            concept => new Concept { Id = concept.Name, Name = concept.Name, Value = (float)concept.Value });
}
