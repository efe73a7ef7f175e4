using Microsoft.OpenApi;

namespace Orders.Api.OpenApi;

/// <summary>The bounds of whole numbers. Generators choose a type by them, so both are there.</summary>
internal static class WholeNumbers
{
    /// <summary>From this to the greatest of the number's type.</summary>
    public static void StartAt(this OpenApiSchema schema, object minimum) =>
        (schema.Minimum, schema.Maximum) = ($"{minimum}", schema.Format == "int64" ? $"{long.MaxValue}" : $"{int.MaxValue}");
}
