using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Api.Configuration;
using Gateway.Core.Upstream.Telemetry;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Telemetry;

/// <summary>
/// What is measured of language models, by OpenTelemetry's conventions for generative AI (semantic conventions 1.40). Thread-safe.
/// </summary>
internal sealed class ModelTelemetry
{
    private const string TokenType = "gen_ai.token.type";

    private static readonly InstrumentAdvice<long> TokenBuckets = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };

    private static readonly InstrumentAdvice<double> ChunkBuckets = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    private readonly ConcurrentDictionary<string, string> _names = new();
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _firstChunk;
    private readonly int _maxNames;

    /// <summary>Makes the instruments.</summary>
    public ModelTelemetry(IMeterFactory meters, IOptions<GatewayOptions> options)
    {
        var meter = GatewayTelemetry.Meter(meters);
        _maxNames = options.Value.Telemetry.MaxModels;
        _tokens = meter.CreateHistogram(
            "gen_ai.client.token.usage", "{token}", "Tokens that a model read or wrote for a call", advice: TokenBuckets);
        _firstChunk = meter.CreateHistogram(
            "gen_ai.client.operation.time_to_first_chunk", "s", "The time to the first message of a model's stream", advice: ChunkBuckets);
    }

    /// <summary>When a call of a model begins: a timestamp of <see cref="Stopwatch"/>; 0 when nobody wants to know.</summary>
    public long Begin() => _firstChunk.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Notes the first message of a stream.</summary>
    /// <param name="model">A model that there is.</param>
    /// <param name="began">What <see cref="Begin"/> gave.</param>
    public void NoteFirstChunk(string model, long began)
    {
        if (began != 0)
        {
            _firstChunk.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, TagsOf(model));
        }
    }

    /// <summary>Notes the tokens of a call; none for a model that counts none.</summary>
    /// <param name="model">A model that there is.</param>
    /// <param name="input">Those that it read.</param>
    /// <param name="output">Those that it wrote.</param>
    public void NoteTokens(string model, long input, long output)
    {
        if (_tokens.Enabled && (input | output) != 0)
        {
            var tags = TagsOf(model);
            tags.Add(TokenType, "input");
            _tokens.Record(input, tags);
            tags[^1] = new(TokenType, "output");
            _tokens.Record(output, tags);
        }
    }

    // The gateway does not know what its callers take a model for.
    private TagList TagsOf(string model) => new()
    {
        { "gen_ai.operation.name", "generate_content" },
        { "gen_ai.provider.name", "clarifai" },
        { "gen_ai.request.model", NameOf(model) },
    };

    // Clients choose among very many models, and each name is kept for ever by whoever collects.
    private string NameOf(string model) =>
        _names.TryGetValue(model, out var known) ? known
            : _names.Count < _maxNames ? _names.GetOrAdd(model, model)
            : GatewayTelemetry.Other;
}
