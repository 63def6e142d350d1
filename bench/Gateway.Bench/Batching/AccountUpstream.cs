using System.Buffers;
using System.Diagnostics;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Bench.Upstream;
using Google.Protobuf;

namespace Gateway.Bench.Batching;

/// <summary>
/// A model that answers each input's text with that text, for an account that may call it so often in a second of the clock; more often is 11005, as the API
/// has it.
/// </summary>
internal sealed class AccountUpstream : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly int _perSecond;
    private RawServer? _server;
    private long _second;
    private int _callsInSecond;
    private int _calls;
    private int _refused;

    private AccountUpstream(int perSecond) => _perSecond = perSecond;

    public Uri Address => _server!.Address;

    /// <summary>Calls that came, and those of them that were refused.</summary>
    public (int All, int Refused) Calls => (Volatile.Read(ref _calls), Volatile.Read(ref _refused));

    public static async Task<AccountUpstream> StartAsync(int perSecond)
    {
        var upstream = new AccountUpstream(perSecond);
        upstream._server = await RawServer.StartAsync(isInline: false, new RawMethod("PostModelOutputs", IsStream: false, upstream.Answer));
        return upstream;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private IReadOnlyList<byte[]> Answer(ReadOnlySequence<byte> bytes)
    {
        var request = PostModelOutputsRequest.Parser.ParseFrom(bytes);
        var response = new MultiOutputResponse
        {
            Status = IsAdmitted()
                ? new Status { Code = StatusCode.Success, Description = "Ok" }
                : new Status { Code = StatusCode.ConnThrottled, Description = "Throttled", Details = $"exceeded limit of {_perSecond} requests per second" },
        };
        if (response.Status.Code == StatusCode.Success)
        {
            response.Outputs.Add(request.Inputs.Select(input => new Output
            {
                Status = response.Status,
                Data = new Data { Text = new Text { Raw = input.Data.Text.Raw } },
            }));
        }

        return [response.ToByteArray()];
    }

    private bool IsAdmitted()
    {
        lock (_gate)
        {
            _calls++;
            var second = Stopwatch.GetTimestamp() / Stopwatch.Frequency;
            (_callsInSecond, _second) = (second == _second ? _callsInSecond + 1 : 1, second);
            if (_callsInSecond <= _perSecond)
            {
                return true;
            }

            _refused++;
            return false;
        }
    }
}
