using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Api.Tests.Support;

/// <summary>An answer of the gateway: what tests of errors look at.</summary>
internal sealed record Answer(HttpStatusCode Http, HttpResponseMessage Response, JsonNode Body)
{
    public int Code => (int)Body["status"]!["code"]!;

    public string Details => (string?)Body["status"]!["details"] ?? "";

    public string RequestId => (string)Body["status"]!["req_id"]!;

    public static async Task<Answer> OfAsync(HttpClient client, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8);
        return await OfAsync(client, request);
    }

    public static async Task<Answer> OfAsync(HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return new Answer(response.StatusCode, response, body);
    }

    /// <summary>Every answer of the gateway's own has all four parts, and its id in the header, too.</summary>
    public Answer HasTheApisShape()
    {
        Assert.Equal("application/json", Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["status"], Body.AsObject().Select(member => member.Key));
        Assert.Equal(["code", "description", "details", "req_id"], Body["status"]!.AsObject().Select(member => member.Key));
        Assert.Equal(RequestId, Response.Headers.GetValues("X-Request-ID").Single());
        return this;
    }
}
