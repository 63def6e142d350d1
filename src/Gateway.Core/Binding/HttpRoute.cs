namespace Gateway.Core.Binding;

/// <summary>
/// One verb and path with the binding that answers it, and the streaming one that <c>Accept: text/event-stream</c> asks for.
/// </summary>
/// <param name="Binding">What answers.</param>
/// <param name="EventStream">The server-streaming binding of the same verb and path; null where there is none.</param>
public sealed record HttpRoute(HttpBinding Binding, HttpBinding? EventStream);
