using System.Text.Json.Nodes;
using Gateway.Api.Stored;
using Gateway.Store.Definitions;

namespace Gateway.Api.Faces.Admin;

/// <summary>Parts of lists.</summary>
internal static class PageAnswer
{
    /// <summary>How many items a part has, unless it is said.</summary>
    public const int DefaultCount = 100;

    /// <summary>Reads which part is asked for.</summary>
    public static (string? After, int Count, OperationFault? Fault) Read(AdminRequest request)
    {
        var parameters = request.Parameters("after", "limit");
        var after = parameters.Text("after");
        var count = parameters.Count("limit", StorePages.MaxCount) ?? DefaultCount;
        return (after, count, parameters.Fault);
    }

    /// <summary>Answers a part: its items, and what the next comes after if there is one.</summary>
    /// <param name="name">What the items are.</param>
    /// <param name="result">The part.</param>
    /// <param name="toJson">What is answered of an item.</param>
    public static AdminAnswer Of<T>(string name, OperationResult<StorePage<T>> result, Func<T, JsonObject> toJson) =>
        AdminAnswer.Of(result, page =>
        {
            var json = new JsonObject { [name] = new JsonArray([.. page.Items.Select(toJson)]) };
            if (page.Next is not null)
            {
                json["next"] = page.Next;
            }

            return json;
        });
}
