using System.Text.Json.Serialization;

namespace Orders.Api.Http;

/// <summary>The JSON of problem documents, generated at build.</summary>
[JsonSerializable(typeof(ProblemResponse))]
internal sealed partial class ProblemJsonContext : JsonSerializerContext;
