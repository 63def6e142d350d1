#:package Microsoft.Kiota.Abstractions@2.1.6
#:package Microsoft.Kiota.Http.HttpClientLibrary@2.1.6
#:package Microsoft.Kiota.Serialization.Form@2.1.6
#:package Microsoft.Kiota.Serialization.Json@2.1.6
#:package Microsoft.Kiota.Serialization.Multipart@2.1.6
#:package Microsoft.Kiota.Serialization.Text@2.1.6
#:property PublishAot=false
using System.Text.Json;
using Generated;
using Generated.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

// A key as it is, in the header of the document's scheme; Kiota's own provider of keys wants HTTPS.
using var http = new HttpClient();
http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "client-key");
using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = args[0] };
var models = new GatewayClient(adapter).V2.Users["ada"].Apps["pets"].Models;

var text = await models["breeds"].Outputs.PostAsync(Of(new Data { Text = new Text { Raw = "a collie" } }));
var image = await models["breeds"].Outputs.PostAsync(Of(new Data { Image = new Image { Url = "https://img.test/dog.jpg" } }));
// Its clients read answers whole: of a stream, a list.
var list = await models["breeds"].Outputs.Generate.PostAsync(Of(new Data { Text = new Text { Raw = "a collie" } }));
int? error = null;
try
{
    await models["none"].Outputs.PostAsync(new PostModelOutputsRequest());
}
catch (BaseResponse failed)
{
    error = (int?)failed.Status?.Code;
}

Console.WriteLine(JsonSerializer.Serialize(new { text = Said(text), image = Said(image), stream = list!.SkipLast(1).Select(Said), error }));

static PostModelOutputsRequest Of(Data data) => new() { Inputs = [new Input { Data = data }] };

static string? Said(MultiOutputResponse? answer) => answer?.Outputs?[0].Data?.Text?.Raw;
