#:property PublishAot=false
using System.Net.Http.Headers;
using System.Text.Json;
using Generated;

using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "client-key") } };
var client = new GatewayClient(http) { BaseUrl = args[0] };

var text = await client.PostUserAppModelOutputsAsync("ada", "pets", "breeds", Of(new Data { Text = new Text { Raw = "a collie" } }));
var image = await client.PostUserAppModelOutputsAsync("ada", "pets", "breeds", Of(new Data { Image = new Image { Url = "https://img.test/dog.jpg" } }));
// Its clients read answers whole: of a stream, a list.
var list = await client.GenerateUserAppModelOutputsAsync("ada", "pets", "breeds", Of(new Data { Text = new Text { Raw = "a collie" } }));
int? error = null;
try
{
    await client.PostUserAppModelOutputsAsync("ada", "pets", "none", new PostModelOutputsRequest());
}
catch (ApiException<BaseResponse> failed) when (failed.Result.Status.Code == StatusCode.MODEL_DOES_NOT_EXIST)
{
    error = (int?)failed.Result.Status.Code;
}

Console.WriteLine(JsonSerializer.Serialize(new { text = Said(text), image = Said(image), stream = list.SkipLast(1).Select(Said), error }));

static PostModelOutputsRequest Of(Data data) => new() { Inputs = [new Input { Data = data }] };

static string? Said(MultiOutputResponse answer) => answer.Outputs.First().Data.Text.Raw;
