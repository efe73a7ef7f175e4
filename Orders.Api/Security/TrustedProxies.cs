using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Orders.Application;
using IPNetwork = System.Net.IPNetwork;

namespace Orders.Api.Security;

/// <summary>The proxies whose word counts on who the client is.</summary>
internal sealed class TrustedProxies
{
    private const string Setting = $"{OrdersOptions.Section}:{nameof(OrdersOptions.TrustedProxies)}";

    private readonly IPNetwork[] _networks;
    private readonly string? _userHeader;

    private TrustedProxies(IPNetwork[] networks, string? userHeader) => (_networks, _userHeader) = (networks, userHeader);

    /// <summary>The header in which they name the person; null when they do not.</summary>
    public string? UserHeader => _userHeader;

    /// <exception cref="StartupException">An address can't be, or there is none though proxies are trusted to name persons.</exception>
    public static TrustedProxies From(OrdersOptions options)
    {
        IPNetwork[] networks =
        [
            .. (options.TrustedProxies ?? "").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries).Select(Parse),
        ];
        if (options.TrustForwardedUser && networks.Length == 0)
        {
            throw new StartupException(
                $"{OrdersOptions.Section}:{nameof(OrdersOptions.TrustForwardedUser)} is true, but anybody could send the header: set "
                + $"{Setting} to the addresses of the proxies that write it, such as 10.0.0.0/8.");
        }

        return new TrustedProxies(networks, options.TrustForwardedUser ? options.ForwardedUserHeader : null);
    }

    public void Use(IApplicationBuilder app)
    {
        if (_userHeader is not null)
        {
            // Before the client's address takes the place of the proxy's.
            app.Use((context, next) =>
            {
                if (!Contains(context.Connection.RemoteIpAddress))
                {
                    context.Request.Headers.Remove(_userHeader);
                }

                return next(context);
            });
        }

        if (_networks.Length > 0)
        {
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix,

                // As far back as the proxies are known.
                ForwardLimit = null,
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (IPNetwork network in _networks)
            {
                options.KnownIPNetworks.Add(network);
            }

            app.UseForwardedHeaders(options);
        }
    }

    private bool Contains(IPAddress? address)
    {
        IPAddress? plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && _networks.Any(network => network.Contains(plain));
    }

    private static IPNetwork Parse(string text) =>
        IPNetwork.TryParse(text, out IPNetwork network) ? network
        : IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new StartupException(
            $"{Setting} is '{text}'. Set it to addresses or networks such as 10.0.0.0/8, separated by commas.");
}
