using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.OpenApi;

/// <summary>Reads the names and examples that types have in <see cref="SchemaAttribute"/>.</summary>
internal static class Schemas
{
    public static string NameOf(Type type) => Of(type).Name;

    public static JsonNode ExampleOf(Type type) => ExampleOf(type, Of(type).Example);

    /// <summary>The example in a static field of the type.</summary>
    public static JsonNode ExampleOf(Type type, string field) => ToJson(
        type.GetField(field, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!);

    public static JsonNode ToJson(object value) => JsonSerializer.SerializeToNode(value, value.GetType())!;

    private static SchemaAttribute Of(Type type) => type.GetCustomAttribute<SchemaAttribute>()
        ?? throw new InvalidOperationException($"{type} is part of the contract, so it needs its name and an example there: [Schema].");
}
