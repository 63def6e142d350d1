namespace Gateway.Api.Tenancy;

/// <summary>A model or workflow with the user and app that own it; user and app are empty when the request names none.</summary>
internal readonly record struct ResourceId(string UserId, string AppId, string Id);
