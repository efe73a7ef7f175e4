using Microsoft.Playwright;

namespace Orders.Tests.Support;

/// <summary>The installed browser, headless and driven by Playwright. Playwright downloads no browser of its own.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    /// <summary>The names that <c>./dev</c> looks for too.</summary>
    private static readonly string[] Names =
    [
        "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    private static readonly string[] Arguments =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        string path = Find();
        IPlaywright playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments }));
    }

    /// <summary>Opens a page in a new profile.</summary>
    public async Task<IPage> OpenAsync() => await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("CHROME") is { Length: > 0 } set)
        {
            return InPath(set) ?? throw new InvalidOperationException($"CHROME is '{set}', which is not a program.");
        }

        return Names.Select(InPath).FirstOrDefault(path => path is not null) ?? throw new InvalidOperationException(
            "The tests of the documentation page need a browser: install Debian's package chromium, or Google Chrome, "
            + "or set CHROME to the path of one. (./dev test installs it where it can.)");
    }

    /// <summary>Searches PATH. A rooted name is its own path.</summary>
    private static string? InPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
