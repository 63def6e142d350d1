using System.Reflection;
using Xunit.Sdk;

namespace Gateway.Store.Tests;

/// <summary>Has a test run on every database, which is its first parameter; the others are given here.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EveryDatabaseAttribute(params object[] more) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        Enum.GetValues<Database>().Select(database => (object[])[database, .. more]);
}
