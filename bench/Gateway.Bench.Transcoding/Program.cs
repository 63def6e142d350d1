using Clarifai.Api;
using Gateway.Bench.Peers;
using Gateway.Bench.Transcoding;

// Started by the bench, with the upstream's address, then what any host takes.
var builder = PeerHost.CreateBuilder(args[1..]);
builder.Services.AddGrpcClient<V2.V2Client>(client => client.Address = new Uri(args[0]));
builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null).AddJsonTranscoding(transcoding =>
{
    // The API's JSON, as far as there are settings for it.
    transcoding.JsonSettings.IgnoreDefaultValues = true;
    transcoding.JsonSettings.WriteEnumsAsIntegers = true;
});
var app = builder.Build();
app.MapGrpcService<ForwardingService>();
await app.RunAsync();
