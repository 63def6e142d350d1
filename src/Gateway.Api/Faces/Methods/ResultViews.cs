using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;

namespace Gateway.Api.Faces.Methods;

/// <summary>Makes what shows the results of one call.</summary>
internal sealed class ResultViews(ResultWriter results)
{
    /// <summary>What shows the results of a call to a streaming method, and has its tokens told in the last record.</summary>
    public ResultView Of(HttpContext http, RpcPlan rpc, ModelMethod method)
    {
        var tokens = new TokenCounts();
        http.Features.Set(tokens);
        RequestRecord.Of(http).Rpc = rpc.Name;
        return new ResultView(rpc, tokens, method, results);
    }
}
