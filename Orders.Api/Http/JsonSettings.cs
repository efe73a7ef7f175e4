using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orders.Api.Http;

/// <summary>The JSON settings of the contract.</summary>
internal static class JsonSettings
{
    /// <summary>Text stays as it is in the table, unescaped: the content type keeps a browser from taking it for HTML.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The same settings for a writer. It does not check the generated code.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };

    /// <param name="options">The framework's options, which actions, bodies and <c>Ok(x)</c> use.</param>
    /// <param name="contexts">The generated code of the contract's types. Other types are read and written by reflection.</param>
    public static void Apply(JsonSerializerOptions options, IEnumerable<JsonSerializerContext> contexts)
    {
        options.TypeInfoResolverChain.Clear();
        foreach (JsonSerializerContext context in contexts)
        {
            options.TypeInfoResolverChain.Add(context);
        }

        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        options.PropertyNamingPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.Encoder = Encoder;
    }
}
