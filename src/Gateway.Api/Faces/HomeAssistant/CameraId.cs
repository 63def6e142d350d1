using System.Text.RegularExpressions;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>
/// The entity ids of cameras: <c>camera.</c> and an object id of small letters, digits and underscores, 255 characters at most.
/// </summary>
internal static partial class CameraId
{
    /// <summary>What one looks like, for messages.</summary>
    public const string Form = "the entity id of a camera, as in camera.front_door";

    /// <summary>Whether a text is one: nothing in it then can be more than one segment of a path.</summary>
    public static bool IsValid(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"\Acamera\.[a-z0-9_]{1,248}\z")]
    private static partial Regex Pattern();
}
