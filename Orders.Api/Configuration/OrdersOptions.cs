using Orders.Application;

namespace Orders.Api.Configuration;

/// <summary>The settings under <c>Orders</c>; the README documents them.</summary>
internal sealed record OrdersOptions
{
    /// <summary>How old a count may be; zero turns the caching off.</summary>
    public required TimeSpan CountMaxAge { get; init; }

    /// <summary>How long a request may take in all.</summary>
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>Whether the headers that name the caller come from a proxy of ours, and not from whoever sends them.</summary>
    public required bool TrustForwardedUser { get; init; }

    /// <exception cref="StartupException">A setting is out of its bounds; the message says what to set.</exception>
    public static OrdersOptions From(IConfiguration configuration) => new()
    {
        CountMaxAge = DurationSetting.Read(
            "Orders:CountMaxAge", configuration["Orders:CountMaxAge"], TimeSpan.FromSeconds(2), TimeSpan.Zero, TimeSpan.FromDays(1)),
        RequestTimeout = RequestTimeoutSetting.Read(configuration[RequestTimeoutSetting.Key]),
        TrustForwardedUser = configuration["Orders:TrustForwardedUser"] switch
        {
            null or "" => false,
            var text when bool.TryParse(text, out bool value) => value,
            var text => throw new StartupException($"Orders:TrustForwardedUser is '{text}'. Set it to true or false."),
        },
    };
}
