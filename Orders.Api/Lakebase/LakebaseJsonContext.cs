using System.Text.Json.Serialization;

namespace Orders.Api.Lakebase;

/// <summary>The JSON of this folder's types, generated at build.</summary>
[JsonSerializable(typeof(ResourcesCreatedResponse))]
[JsonSerializable(typeof(ResourcesDeletedResponse))]
[JsonSerializable(typeof(ResourcesResponse))]
internal sealed partial class LakebaseJsonContext : JsonSerializerContext;
