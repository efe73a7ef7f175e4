using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Api.Lakebase;
using Orders.Api.Orders;
using Orders.Api.Service;

namespace Orders.Api.Http;

/// <summary>How the contract's types look in JSON; the code that reads and writes them is generated at build time.</summary>
[JsonSerializable(typeof(OrderResponse))]
[JsonSerializable(typeof(OrderCountResponse))]
[JsonSerializable(typeof(OrderSampleResponse))]
[JsonSerializable(typeof(OrderPageResponse))]
[JsonSerializable(typeof(OrderStreamResponse))]
[JsonSerializable(typeof(UpdateOrderStatusRequest))]
[JsonSerializable(typeof(UpdateOrderStatusResponse))]
[JsonSerializable(typeof(ServiceResponse))]
[JsonSerializable(typeof(HealthcheckResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ResourcesCreatedResponse))]
[JsonSerializable(typeof(ResourcesDeletedResponse))]
[JsonSerializable(typeof(ResourcesResponse))]
[JsonSerializable(typeof(ProblemResponse))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The settings for everything that the service reads and writes.</summary>
    public static readonly JsonSerializerOptions Settings;

    /// <summary>The same for what is written without them: text unescaped, and no check of code that was generated.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>After all initializers: that of the generated part makes <see cref="Default"/>, and which part's run first is not said.</summary>
    static ApiJson()
    {
        Settings = Apply(new JsonSerializerOptions());
        Settings.MakeReadOnly();
    }

    /// <summary>Puts the contract's settings on options that belong to the framework.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.TypeInfoResolver = Default;
        options.PropertyNamingPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;

        // Text leaves as it is in the table, unescaped: the content type keeps a browser from taking it for HTML.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
