using System.Runtime.InteropServices;

namespace Gateway.Sandbox.Images;

/// <summary>One pixel: red, green, blue and opacity, 0 to 255 each, colour not multiplied by opacity.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Rgba(byte R, byte G, byte B, byte A = 255);
