using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Clarifai.Auth.Util;
using Gateway.Core.Binding;
using Gateway.Core.Schema;

namespace Gateway.Api.Tenancy;

/// <summary>
/// Puts RPCs into groups: by their names and the credential that they want, then by their verb, with a table of those that these do not
/// tell. A group is named in settings by <see cref="NameOf"/>.
/// </summary>
internal static partial class RpcGroups
{
    private static readonly FrozenDictionary<string, RpcGroup> Exceptions = new Dictionary<string, RpcGroup>
    {
        ["PostModelOutputs"] = RpcGroup.Predict,
        ["GenerateModelOutputs"] = RpcGroup.Predict,
        ["StreamModelOutputs"] = RpcGroup.Predict,
        ["PostWorkflowResults"] = RpcGroup.Predict,

        // Questions that take a body. PostSearches is none: it can save the search.
        ["PostAnnotationsSearches"] = RpcGroup.Read,
        ["PostAppsSearches"] = RpcGroup.Read,
        ["PostConceptsSearches"] = RpcGroup.Read,
        ["PostInputsSearches"] = RpcGroup.Read,
        ["PostMetricsQuery"] = RpcGroup.Read,
        ["PostModelVersionsTrainingTimeEstimate"] = RpcGroup.Read,
        ["PostModelsSearches"] = RpcGroup.Read,
        ["PostSearchesByID"] = RpcGroup.Read,
        ["PostTrackAnnotationsSearches"] = RpcGroup.Read,

        // GET, but weights, logs, other people's requests, or work that is handed out.
        ["GetArtifactVersion"] = RpcGroup.Write,
        ["GetModelVersionExport"] = RpcGroup.Write,
        ["ListArtifactVersions"] = RpcGroup.Write,
        ["ListLogEntries"] = RpcGroup.Write,
        ["ListNextTaskAssignments"] = RpcGroup.Write,
        ["ListPipelineVersionRunStatusLogs"] = RpcGroup.Write,
        ["ListRunnerItems"] = RpcGroup.Write,
        ["StreamLogEntries"] = RpcGroup.Write,

        // Their answers hold keys and tokens, or who people are.
        ["CancelInputsAddJob"] = RpcGroup.Account,
        ["DeleteComputeClusters"] = RpcGroup.Account,
        ["GetComputeCluster"] = RpcGroup.Account,
        ["GetInputsAddJob"] = RpcGroup.Account,
        ["ListAnnotationWorkers"] = RpcGroup.Account,
        ["ListComputeClusters"] = RpcGroup.Account,
        ["ListInputsAddJobs"] = RpcGroup.Account,
        ["PatchComputeClusters"] = RpcGroup.Account,
        ["PostComputeClusters"] = RpcGroup.Account,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> AccountWords = new[]
    {
        "Audit", "Billing", "Collaboration", "Collaborator", "Credential", "Identity", "Invitation", "Key", "Member", "Organization",
        "Password", "Role",
        "Scope", "Secret", "Session", "Team", "Token", "User",
    }.ToFrozenSet();

    private static readonly FrozenDictionary<string, RpcGroup> ByName = Enum.GetValues<RpcGroup>().ToFrozenDictionary(NameOf);

    /// <summary>The group's name in settings and texts.</summary>
    public static string NameOf(RpcGroup group) => group switch
    {
        RpcGroup.Predict => "predict",
        RpcGroup.Read => "read",
        RpcGroup.Write => "write",
        _ => "account",
    };

    /// <summary>Finds a group by its name.</summary>
    public static bool TryFind(string name, out RpcGroup group) => ByName.TryGetValue(name, out group);

    /// <summary>The group of an RPC.</summary>
    public static RpcGroup Of(RpcPlan rpc)
    {
        if (Exceptions.TryGetValue(rpc.Name, out var group))
        {
            return group;
        }

        var credential = rpc.Descriptor.GetOptions()?.GetExtension(AccessExtensions.Credential);
        return credential == Credential.SessionToken
            || Words().Matches(rpc.Name).Any(word => AccountWords.Contains(word.Value.TrimEnd('s')))
            ? RpcGroup.Account
            : HttpBinding.Of(rpc).FirstOrDefault()?.Method switch
            {
                null => RpcGroup.Account,
                "GET" => RpcGroup.Read,
                _ => RpcGroup.Write,
            };
    }

    [GeneratedRegex("[A-Z][a-z]+")]
    private static partial Regex Words();
}
