namespace Gateway.Api.Faces.Grpc;

/// <summary>What the RPCs of the front belong to; its methods are found by <see cref="ForwardMethods"/>, not by reflection.</summary>
internal sealed class ForwardService;
