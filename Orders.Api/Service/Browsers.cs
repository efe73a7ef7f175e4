namespace Orders.Api.Service;

/// <summary>Tells browsers from programs.</summary>
internal static class Browsers
{
    /// <summary>Whether a request accepts HTML by name.</summary>
    public static bool Accepts(HttpRequest request) => request.GetTypedHeaders().Accept.Any(
        type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality != 0);
}
