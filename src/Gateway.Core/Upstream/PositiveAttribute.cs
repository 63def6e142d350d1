using System.ComponentModel.DataAnnotations;

namespace Gateway.Core.Upstream;

/// <summary>A number or a time that is greater than zero; or none, where there may be none.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PositiveAttribute() : ValidationAttribute("{0} is greater than zero.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value switch
    {
        null => true,
        int number => number > 0,
        long number => number > 0,
        TimeSpan time => time > TimeSpan.Zero,
        _ => false,
    };
}
