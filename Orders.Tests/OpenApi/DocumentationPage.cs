using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using Orders.Tests.Support;

namespace Orders.Tests.OpenApi;

/// <summary>The page at <c>/docs</c> as a person has it in front of them, and what the browser says behind their back.</summary>
internal sealed class DocumentationPage : IAsyncDisposable
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private DocumentationPage(IPage page)
    {
        _page = page;
        _page.SetDefaultTimeout(120_000); // on a machine that is busy with others
        _page.Request += (_, request) => _requests.Enqueue(request.Url);
        _page.PageError += (_, error) => _errors.Enqueue(error);
        _page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Enqueue(message.Text);
            }
        };
    }

    /// <summary>The addresses of all that the browser asked for.</summary>
    public IEnumerable<string> Requests => _requests;

    /// <summary>What the browser's console complains of: blocked content, missing files, exceptions.</summary>
    public IEnumerable<string> Errors => _errors;

    public string Address => _page.Url;

    public static async Task<DocumentationPage> OpenAsync(Chromium browser) => new(await browser.OpenAsync());

    /// <summary>Until the operations are there.</summary>
    public async Task GoToAsync(string address)
    {
        await _page.GotoAsync(address);
        await _page.Locator(".opblock").First.WaitForAsync();
    }

    /// <summary>Serves at one address what is at another, as a proxy does.</summary>
    public Task ForwardAsync(string from, string to) => _page.RouteAsync(
        address => address.StartsWith(from, StringComparison.Ordinal),
        async route =>
        {
            IAPIResponse answer = await route.FetchAsync(new() { Url = to + route.Request.Url[from.Length..], MaxRedirects = 0 });
            await route.FulfillAsync(new() { Response = answer });
        });

    public Task<string> TitleAsync() => _page.TitleAsync();

    /// <summary>The first column of the opening table.</summary>
    public Task<IReadOnlyList<string>> EndpointsOfTableAsync() => FirstColumnAsync(0);

    /// <summary>The first column of the table of errors.</summary>
    public Task<IReadOnlyList<string>> CodesOfTableAsync() => FirstColumnAsync(1);

    /// <summary>Where the links in an operation's description lead.</summary>
    public async Task<IReadOnlyList<string>> LinksAsync(string operation)
    {
        ILocator links = Operation(operation).Locator(".opblock-description a");
        await links.First.WaitForAsync();
        return await links.EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
    }

    /// <summary>The statuses that an expanded operation documents.</summary>
    public Task<IReadOnlyList<string>> AnswersAsync(string operation) =>
        Operation(operation).Locator(".responses-table:not(.live-responses-table) > tbody > .response > .response-col_status").AllInnerTextsAsync();

    /// <summary>Opens an operation, or closes one that is open.</summary>
    public Task ToggleAsync(string operation) => Operation(operation).Locator(".opblock-summary-control").ClickAsync();

    public Task FillInAsync(string operation, string parameter, string value) =>
        Operation(operation).Locator($"[data-param-name='{parameter}'] input").FillAsync(value);

    /// <summary>Of an expanded operation, with what is filled in.</summary>
    public async Task<Try> ExecuteAsync(string operation)
    {
        ILocator block = Operation(operation);
        ILocator clear = block.Locator(".btn-clear");
        if (await clear.IsVisibleAsync())
        {
            await clear.ClickAsync();
        }

        IRequest request = await SendAsync(block.Locator(".execute"));
        IResponse response = await request.ResponseAsync() ?? throw new AssertionException($"No answer to {request.Url}: {request.Failure}");
        ILocator answer = block.Locator(".live-responses-table .response");
        return new Try(
            response.Url,
            await response.TextAsync(),
            (await answer.Locator(".response-col_status").InnerTextAsync()).Trim(),
            await answer.Locator(".highlight-code code").First.InnerTextAsync());
    }

    /// <summary>Of the window, or of an operation, in the folder <c>artifacts</c> of the checkout.</summary>
    public async Task TakePictureAsync(string name, string? operation = null)
    {
        string path = Path.Combine(SourceTree.Root, "artifacts", $"{name}.png");
        if (operation is null)
        {
            await _page.ScreenshotAsync(new() { Path = path });
        }
        else
        {
            await Operation(operation).ScreenshotAsync(new() { Path = path });
        }

        TestContext.AddTestAttachment(path);
    }

    public async ValueTask DisposeAsync() => await _page.Context.DisposeAsync();

    /// <summary>A click on what the page is still putting together may lead to nothing, as for a person, who clicks again.</summary>
    private async Task<IRequest> SendAsync(ILocator button)
    {
        for (int clicks = 1; ; clicks++)
        {
            try
            {
                return await _page.RunAndWaitForRequestAsync(() => button.ClickAsync(), request => request.ResourceType == "fetch", new() { Timeout = 20_000 });
            }
            catch (TimeoutException) when (clicks < 3)
            {
            }
        }
    }

    private Task<IReadOnlyList<string>> FirstColumnAsync(int table) =>
        _page.Locator(".info table").Nth(table).Locator("tbody tr td:first-child").AllInnerTextsAsync();

    private ILocator Operation(string id) => _page.Locator($".opblock[id$='-{id}']");

    /// <summary>A request from the page, what was answered, and what the page shows of the answer.</summary>
    internal sealed record Try(string Address, string Body, string ShownStatus, string ShownBody)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;
    }
}
