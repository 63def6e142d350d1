using Clarifai.Api.Utils;
using Clarifai.Auth.Util;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Protos;

/// <summary>
/// The API as its <c>.proto</c> files have it, without the generated classes: the descriptors that these hold make every one of them on
/// first use, ten times as much work. Their messages have no parser and their fields no accessor; names, numbers, types and options are the
/// same. Immutable; shared by all threads.
/// </summary>
public static class ApiDescriptors
{
    private static readonly FileDescriptor[] Files = Read();

    private static readonly Dictionary<string, MessageDescriptor> Messages =
        Files.SelectMany(file => file.MessageTypes).ToDictionary(message => message.FullName);

    /// <summary>The service <c>clarifai.api.V2</c>.</summary>
    public static ServiceDescriptor Service { get; } = Files.SelectMany(file => file.Services).Single();

    /// <summary>A message that is not inside another one.</summary>
    /// <param name="name">Its full name, such as <c>clarifai.api.Data</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static MessageDescriptor Message(string name) => Messages[name];

    /// <summary>An enum that is not inside a message.</summary>
    /// <param name="name">Its full name, such as <c>clarifai.api.status.StatusCode</c>.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static EnumDescriptor Enum(string name) => Files.SelectMany(file => file.EnumTypes).Single(type => type.FullName == name);

    private static FileDescriptor[] Read()
    {
        using var set = typeof(ApiDescriptors).Assembly.GetManifestResourceStream("descriptors.pb")!;
        var options = new ExtensionRegistry
        {
            AccessExtensions.ClPrivateField,
            AccessExtensions.Credential,
            AnnotationsExtensions.Http,
            OptionsExtensions.ClDefaultFloat,
            OptionsExtensions.ClShowIfEmpty,
            OptionsExtensions.Description,
        };
        return [.. FileDescriptor.BuildFromByteStrings(FileDescriptorSet.Parser.ParseFrom(set).File.Select(file => file.ToByteString()), options)];
    }
}
