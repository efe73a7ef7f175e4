using System.ComponentModel.DataAnnotations;
using Orders.Application.Overlay;

namespace Orders.Application;

/// <summary>The settings under <c>Orders</c>. The README documents them.</summary>
public sealed class OrdersOptions
{
    public const string Section = "Orders";

    /// <summary>Outside Development.</summary>
    public static readonly TimeSpan DefaultShutdownDelay = TimeSpan.FromSeconds(5);

    /// <summary>The maximum age of a count on a table that is counted quickly; zero for always fresh.</summary>
    [AllowedDuration(0, 86400)]
    public Duration CountMaxAge { get; set; } = Duration.FromSeconds(2);

    /// <summary>The time limit of counting all orders, which is done in the background.</summary>
    [AllowedDuration(1, 86400)]
    public Duration CountTimeout { get; set; } = Duration.FromSeconds(600);

    /// <summary>The time limit of a request.</summary>
    [AllowedDuration(0.1, 3600)]
    public Duration RequestTimeout { get; set; } = Duration.FromSeconds(15);

    /// <summary>How long the service goes on after it was told to stop, so that balancers notice; null for the default of the environment.</summary>
    [AllowedDuration(0, 600)]
    public Duration? ShutdownDelay { get; set; }

    /// <summary>How many requests may be under way at a time; zero for any number.</summary>
    [Range(0, 1_000_000, ErrorMessage = "Set it to a whole number from {1} to {2}.")]
    public int MaxConcurrentRequests { get; set; } = 2048;

    /// <summary>Serve metrics, and health too, on the management addresses.</summary>
    public MetricsExport Metrics { get; set; } = MetricsExport.Off;

    /// <summary>The addresses of these, separated by semicolons. They are not for clients.</summary>
    public string ManagementUrls { get; set; } = "http://localhost:9464";

    /// <summary>Tell clients in <c>Server-Timing</c> where the time of their request went.</summary>
    public bool ServerTiming { get; set; }

    /// <summary>Tell clients in <c>X-Process-Time</c> how long their request took, in seconds.</summary>
    public bool ProcessTime { get; set; }

    /// <summary>Requests that take as long have a line of their own in the log; zero for none.</summary>
    [AllowedDuration(0, 3600)]
    public Duration SlowRequest { get; set; } = Duration.FromSeconds(1);

    /// <summary>Compress large answers for clients that accept it.</summary>
    public bool Compression { get; set; } = true;

    /// <summary>Who may call from a browser.</summary>
    public CorsOptions Cors { get; set; } = new();

    /// <summary>How often one caller may ask.</summary>
    public RateLimitOptions RateLimits { get; set; } = new();

    /// <summary>How long a database that can't be reached is retried; null for the default of the server.</summary>
    [AllowedDuration(0, 600)]
    public Duration? DatabaseWait { get; set; }

    /// <summary>Apply the schema at the start.</summary>
    public bool MigrateOnStart { get; set; }

    /// <summary>Where changes of status go; null for the default of the server.</summary>
    public StatusChangeMode? StatusChanges { get; set; }

    /// <summary>schema.table; null for the default of the server.</summary>
    public string? SyncedTable { get; set; }

    /// <summary>The schema of the overlay's view and changes.</summary>
    public string OverlaySchema { get; set; } = "orders_overlay";

    /// <summary>Which servers answer reads; null for the default of the connection strings.</summary>
    public ReadTarget? Reads { get; set; }

    /// <summary>Take no changes of status.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>What callers without credentials may do; null for the default of the environment.</summary>
    public AnonymousAccess? AnonymousAccess { get; set; }

    /// <summary>The addresses and networks of the proxies that say who the client is, separated by commas.</summary>
    public string? TrustedProxies { get; set; }

    /// <summary>The trusted proxies name the person too.</summary>
    public bool TrustForwardedUser { get; set; }

    /// <summary>The header in which they do.</summary>
    public string ForwardedUserHeader { get; set; } = "X-Forwarded-Email";
}
