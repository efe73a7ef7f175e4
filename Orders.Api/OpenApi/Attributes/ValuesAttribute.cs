using System.Reflection;

namespace Orders.Api.OpenApi.Attributes;

/// <summary>The only values that a parameter takes.</summary>
/// <param name="type">A type that holds the list of them.</param>
/// <param name="list">The name of its public static field.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class ValuesAttribute(Type type, string list) : Attribute
{
    public IReadOnlyList<string> Values =>
        (IReadOnlyList<string>)type.GetField(list, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
