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
    /// <param name="counted">The tokens, which whatever reads the messages counts; null when the view is to count them.</param>
    public ResultView Of(HttpContext http, RpcPlan rpc, ModelMethod method, TokenCounts? counted = null)
    {
        var own = counted is null ? new TokenCounts() : null;
        http.Features.Set(counted ?? own);
        RequestRecord.Of(http).Rpc = rpc.Name;
        return new ResultView(rpc, own, method, results);
    }
}
