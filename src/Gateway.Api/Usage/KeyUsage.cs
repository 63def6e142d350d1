using System.Collections.Concurrent;

namespace Gateway.Api.Usage;

/// <summary>
/// The models that a key is used for. Looking them up is thread-safe; changes are guarded by the <see cref="TenantUsage"/>.
/// </summary>
internal sealed class KeyUsage
{
    /// <summary>What all models beyond <see cref="MaxModels"/> are called, and those of which no call has succeeded yet.</summary>
    public const string OtherModels = "(other)";

    /// <summary>
    /// How many models are told apart at a time. Clients choose the names: without a bound they could fill memory and the store with them.
    /// </summary>
    public const int MaxModels = 1000;

    private readonly ConcurrentDictionary<string, ModelUsage> _models = new();
    private readonly ConcurrentDictionary<string, ModelUsage>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly ModelUsage _others;

    /// <summary>Makes one that was used for nothing.</summary>
    /// <param name="name">The key's name; empty for none.</param>
    public KeyUsage(string name)
    {
        Name = name;
        _byName = _models.GetAlternateLookup<ReadOnlySpan<char>>();
        NoModel = new ModelUsage(this, "") { IsKnown = true };
        _others = new ModelUsage(this, OtherModels) { IsKnown = true };
    }

    /// <summary>The key's name; empty for none.</summary>
    public string Name { get; }

    /// <summary>What is used of no model.</summary>
    public ModelUsage NoModel { get; }

    /// <summary>Finds a model; one that is not known is made, and becomes so when a call of it succeeds.</summary>
    public ModelUsage Find(ReadOnlySpan<char> name) =>
        name.IsEmpty ? NoModel : _byName.TryGetValue(name, out var model) ? model : new ModelUsage(this, name.ToString());

    /// <summary>Finds what all models are counted for that are not told apart.</summary>
    public ModelUsage FindOthers() => _others;

    /// <summary>Whom to count for what was used of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isThere">Whether there surely is such a model.</param>
    public ModelUsage Resolve(ModelUsage model, bool isThere)
    {
        if (model.IsKnown)
        {
            return model;
        }

        if (_models.TryGetValue(model.Name, out var known))
        {
            return known;
        }

        if (!isThere || _models.Count >= MaxModels)
        {
            return _others;
        }

        model.IsKnown = true;
        return _models[model.Name] = model;
    }

    /// <summary>Forgets models that were not used since a day; calls that run on make them known again.</summary>
    public void Forget(DateOnly day)
    {
        foreach (var (name, model) in _models)
        {
            if (model.LastDay < day)
            {
                model.IsKnown = false;
                _models.TryRemove(name, out _);
            }
        }
    }
}
