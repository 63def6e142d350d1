namespace Gateway.Sandbox.Schemas;

/// <summary>A place in a schema; <c>$ref</c> makes places lead back to one another.</summary>
internal sealed class SchemaNode
{
    /// <summary>What a value may be there.</summary>
    public SchemaForm Form { get; set; } = new OptionForm([]);

    /// <summary>
    /// How many levels its smallest value takes, references and alternatives among them; more than any limit when it has none.
    /// </summary>
    public int Height { get; private set; } = int.MaxValue;

    /// <summary>Finds the heights of all nodes up to a limit: those of height 1 first, then what these make possible, and so on.</summary>
    public static void Measure(IReadOnlyCollection<SchemaNode> nodes, int limit)
    {
        for (var height = 1; height <= limit; height++)
        {
            foreach (var node in nodes.Where(node => node.Height == int.MaxValue && node.CanEnd(height)).ToList())
            {
                node.Height = height;
            }
        }
    }

    private bool CanEnd(int height) => Form switch
    {
        OptionForm options => options.Options.Any(option => option.Height < height),
        ArrayForm array => Enumerable.Range(0, Math.Min(array.MinItems, array.First.Count + 1))
            .All(index => array.At(index)?.Height < height),
        ObjectForm form => form.Members.All(member => !member.IsRequired || member.Value.Height < height),
        _ => true,
    };
}
