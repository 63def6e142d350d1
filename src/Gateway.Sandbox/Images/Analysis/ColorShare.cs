namespace Gateway.Sandbox.Images.Analysis;

/// <summary>The pixels of one basic colour: their share of the image, 0 to 1, and their mean colour.</summary>
internal readonly record struct ColorShare(NamedColor Color, double Share, Rgba Mean);
