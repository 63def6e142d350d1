namespace Gateway.Api.Tests.Sdk;

/// <summary>Where a generation of Clarifai's Python SDK has JSON arguments and results.</summary>
public enum SdkGeneration
{
    /// <summary>As JSON text in <c>string_value</c>: up to 11.10.2.</summary>
    JsonInText,

    /// <summary>In <c>struct_value</c>, a list as <c>{"_list": […]}</c>: 12.5.0.</summary>
    JsonInStruct,
}
