using Clarifai.Api.Status;

namespace Gateway.Sandbox.Models;

/// <summary>Why something was not done: the API's code, and one sentence for the caller.</summary>
internal sealed record Failure(StatusCode Code, string Details);
