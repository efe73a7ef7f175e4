using System.Text.RegularExpressions;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>The <c>Link</c> header (RFC 8288) of pages and slices.</summary>
internal sealed partial class PageLinkTests
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Enumerable.Range(1, 25).Select(key => key * 3L));
        _api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:CountMaxAge=0");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("pages", "<?page=1>; rel=\"first\", <?page=1>; rel=\"last\"")]
    [TestCase("pages?page_size=10", "<?page_size=10&page=2>; rel=\"next\", <?page_size=10&page=1>; rel=\"first\", <?page_size=10&page=3>; rel=\"last\"")]
    [TestCase("pages?page=2&page_size=10", "<?page=3&page_size=10>; rel=\"next\", <?page=1&page_size=10>; rel=\"prev\", <?page=1&page_size=10>; rel=\"first\", <?page=3&page_size=10>; rel=\"last\"")]
    [TestCase("pages?page=3&page_size=10", "<?page=2&page_size=10>; rel=\"prev\", <?page=1&page_size=10>; rel=\"first\", <?page=3&page_size=10>; rel=\"last\"")]
    [TestCase("pages?page=9&page_size=10", "<?page=3&page_size=10>; rel=\"prev\", <?page=1&page_size=10>; rel=\"first\", <?page=3&page_size=10>; rel=\"last\"")]
    [TestCase("pages?page=2&page_size=10&include_count=false", "<?page=3&page_size=10&include_count=false>; rel=\"next\", <?page=1&page_size=10&include_count=false>; rel=\"prev\"")]
    [TestCase("pages?page=9&page_size=10&include_count=0", "<?page=8&page_size=10&include_count=0>; rel=\"prev\"")]
    [TestCase("pages?page=2147483647&page_size=10&include_count=0", "<?page=2147483646&page_size=10&include_count=0>; rel=\"prev\"")]
    [TestCase("stream?page_size=10", "<?page_size=10&cursor=30>; rel=\"next\"")]
    [TestCase("stream?cursor=30&page_size=10", "<?cursor=60&page_size=10>; rel=\"next\", <?cursor=0&page_size=10>; rel=\"prev\"")]
    [TestCase("stream?cursor=60&page_size=10", "<?cursor=30&page_size=10>; rel=\"prev\"")]
    [TestCase("stream?cursor=999&page_size=10", "<?cursor=45&page_size=10>; rel=\"prev\"")]
    public async Task A_page_leads_to_its_neighbours(string path, string links) =>
        Assert.That((await _api.GetAsync($"/api/v1/orders/{path}")).Headers.GetValueOrDefault("Link"), Is.EqualTo(links));

    [TestCase("?x=1&page_size=2&page=1&y=a%20b%26c", "?x=1&page_size=2&page=2&y=a%20b%26c")]
    [TestCase("?page_size=2&p%61ge=1&z", "?page_size=2&page=2&z")]
    [TestCase("?PAGE=7&page_size=2&pages=9&pag=1", "?PAGE=7&page_size=2&pages=9&pag=1&page=2")]
    [TestCase("?page_size=2&&q=>\",<&r={}|", "?page_size=2&&q=%3E%22,%3C&r=%7B%7D%7C&page=2")]
    public async Task Every_parameter_of_the_request_is_in_the_links_as_it_was_sent(string query, string next)
    {
        RawConnection.RawAnswer? answer = await GetRawAsync($"/api/v1/orders/pages{query}");
        Assert.That(answer!.Headers["Link"], Does.StartWith($"<{next}>; rel=\"next\", "));
    }

    [Test]
    public async Task Following_next_then_prev_visits_every_order_once_each_way([Values("stream", "pages")] string operation, [Values(1, 7, 25)] int pageSize)
    {
        Uri url = new(_api.Client.BaseAddress!, $"/api/v1/orders/{operation}?page_size={pageSize}");
        List<long> forward = [.. (await GetAsync(url)).Keys];
        Uri last = url;
        for (Uri? next = await FollowAsync(url, "next"); next is not null; next = await FollowAsync(next, "next"))
        {
            forward.AddRange((await GetAsync(next)).Keys);
            last = next;
        }

        List<long> back = [.. (await GetAsync(last)).Keys];
        for (Uri? previous = await FollowAsync(last, "prev"); previous is not null; previous = await FollowAsync(previous, "prev"))
        {
            back.InsertRange(0, (await GetAsync(previous)).Keys);
        }

        Assert.That(forward, Is.EqualTo(Enumerable.Range(1, 25).Select(key => key * 3L)));
        Assert.That(back, Is.EqualTo(forward));
    }

    [TestCase("pages?page=2&page_size=10")]
    [TestCase("stream?cursor=30&page_size=10")]
    public async Task Head_has_the_links_too(string path)
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/orders/{path}");
        Assert.That((await _api.SendAsync(head)).Headers["Link"], Is.EqualTo((await _api.GetAsync($"/api/v1/orders/{path}")).Headers["Link"]));
    }

    [Test]
    public async Task Where_there_are_no_orders_the_first_page_is_the_last_and_a_slice_leads_nowhere()
    {
        await using TestDatabase empty = await TestDatabase.CreateAsync();
        await using RunningApi api = await RunningApi.StartAsync(empty.ConnectionString, "--Orders:CountMaxAge=0");
        Assert.That((await api.GetAsync("/api/v1/orders/pages?page=5")).Headers["Link"], Is.EqualTo("<?page=1>; rel=\"prev\", <?page=1>; rel=\"first\", <?page=1>; rel=\"last\""));
        Assert.That((await api.GetAsync("/api/v1/orders/stream?cursor=5")).Headers, Does.Not.ContainKey("Link"));
    }

    private async Task<RunningApi.Answer> GetAsync(Uri url) => await _api.GetAsync(url.PathAndQuery);

    /// <summary>As a client resolves a link: against the address of the answer.</summary>
    private async Task<Uri?> FollowAsync(Uri url, string relation)
    {
        Match link = Link().Matches((await GetAsync(url)).Headers.GetValueOrDefault("Link") ?? "").FirstOrDefault(link => link.Groups["relation"].Value == relation)
            ?? Match.Empty;
        return link.Success ? new Uri(url, link.Groups["reference"].Value) : null;
    }

    private async Task<RawConnection.RawAnswer?> GetRawAsync(string target)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_api.Client.BaseAddress!);
        await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return await connection.ReadAsync();
    }

    [GeneratedRegex("<(?<reference>[^>]*)>; rel=\"(?<relation>[a-z]+)\"")]
    private static partial Regex Link();
}
