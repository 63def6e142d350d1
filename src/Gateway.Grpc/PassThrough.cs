namespace Gateway.Grpc;

/// <summary>
/// What the two ends of a call that passes through say of gzip. Its messages stay in the form in which they come
/// (<see cref="Payload.IsCompressed"/>) and are sent in the form that they have: nothing is packed or unpacked on the way. The limits of
/// messages hold for their bytes in that form; how large a message is unpacked is the ends' business.
/// </summary>
/// <param name="SendsGzip">Whether the client announces compressed requests (<c>grpc-encoding</c>).</param>
/// <param name="AcceptsGzip">Whether the client takes compressed responses (<c>grpc-accept-encoding</c>).</param>
public readonly record struct PassThrough(bool SendsGzip, bool AcceptsGzip);
