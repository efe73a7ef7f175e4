using System.Net;
using System.Text;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api.Http;

namespace Orders.Tests.Http;

/// <summary>What an ASP.NET Core developer expects of MVC works here too, though some of its parts are our own.</summary>
internal sealed class FrameworkTests
{
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOrdersControllers();
        builder.Services.AddMvcCore().AddApplicationPart(typeof(FrameworkController).Assembly);
        _app = builder.Build();
        _app.MapControllers();
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Test]
    public async Task Ok_answers_any_type_as_JSON_with_its_length()
    {
        using HttpResponseMessage response = await _client.GetAsync("framework/ok?text=abc");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json"));
        string body = await response.Content.ReadAsStringAsync();
        Assert.That(body, Is.EqualTo("""{"Text":"abc","Numbers":[1,2]}"""));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(body.Length));
    }

    [Test]
    public async Task A_typed_result_is_answered_with_its_text_unescaped() =>
        Assert.That(await _client.GetStringAsync("framework/typed"), Is.EqualTo("""{"Text":"<ü>","Numbers":[]}"""));

    [Test]
    public async Task Required_and_its_like_are_checked_on_a_query()
    {
        Assert.That(await ErrorAsync(await _client.GetAsync("framework/ok")), Does.Contain("\"errors\":{\"text\":[\"is required\"]}"));
        Assert.That(await ErrorAsync(await _client.GetAsync("framework/ok?text=abcdef")), Does.Contain("\"errors\":{\"text\":[\"has at most 5 letters\"]}"));
    }

    [Test]
    public async Task Required_is_checked_on_a_body()
    {
        using var empty = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.That(await ErrorAsync(await _client.PostAsync("framework/body", empty)), Does.Contain("is required"));
        using var full = new StringContent("""{"Text":"abc"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.PostAsync("framework/body", full);
        Assert.That((response.StatusCode, response.Headers.Location?.ToString()), Is.EqualTo((HttpStatusCode.Created, "/framework/ok")));
    }

    /// <summary>The framework's filter for this costs 0.6 KB a request, so each action does it.</summary>
    [Test]
    public void Every_action_with_parameters_checks_its_model_state()
    {
        Class[] controllers = [.. new ArchLoader().LoadAssembly(typeof(Program).Assembly).Build().Classes.Where(type => type.Name.EndsWith("Controller", StringComparison.Ordinal))];
        MethodMember[] actions = [.. controllers.SelectMany(controller => controller.Members.OfType<MethodMember>())
            .Where(method => method.Visibility == Visibility.Public && method.Parameters.Any() && method.MethodForm == MethodForm.Normal)];
        Assert.That(actions, Has.Length.GreaterThanOrEqualTo(5));
        Assert.That(actions.Where(action => !ChecksModelState(action)).Select(action => action.FullName), Is.Empty);
    }

    private static bool ChecksModelState(MethodMember action) =>
        action.MemberDependencies.OfType<MethodCallDependency>().Any(call => call.TargetMember.Name.StartsWith("get_ModelState", StringComparison.Ordinal));

    private static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
            return await response.Content.ReadAsStringAsync();
        }
    }
}
