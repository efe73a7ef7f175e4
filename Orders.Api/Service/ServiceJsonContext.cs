using System.Text.Json.Serialization;

namespace Orders.Api.Service;

/// <summary>The JSON of this folder's types, generated at build.</summary>
[JsonSerializable(typeof(ServiceResponse))]
[JsonSerializable(typeof(HealthcheckResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ErrorKindsResponse))]
[JsonSerializable(typeof(Http.ErrorKind))]
internal sealed partial class ServiceJsonContext : JsonSerializerContext;
