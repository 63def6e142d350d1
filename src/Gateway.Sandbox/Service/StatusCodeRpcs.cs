using Clarifai.Api;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.Service;

/// <summary>The RPCs that tell what status codes mean. They need no key.</summary>
internal static class StatusCodeRpcs
{
    // That telling went well is not what the told code says.
    private const uint Told = 200;

    public static MultiStatusCodeResponse List() =>
        new() { Status = ApiStatus.Ok(), Statuses = { ApiStatus.AllCodes.Select(code => ApiStatus.Of(code)) } };

    public static SingleStatusCodeResponse Get(string id) => new() { Status = StatusOf(id) };

    private static Status StatusOf(string id)
    {
        if (ApiStatus.FindCode(id) is not { } code)
        {
            return ApiStatus.Of(StatusCode.ConnDoesNotExist, $"there is no status code {id}");
        }

        var status = ApiStatus.Of(code);
        status.HttpStatusCode = Told;
        return status;
    }
}
